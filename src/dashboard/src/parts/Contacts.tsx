import { useOpenProject } from '../app/session';
import { defineTexts } from '../app/texts';

const texts = defineTexts({ hidden: 'Контакты скрыты: ваша роль их не видит' }, { hidden: 'Contact details are hidden from your role' });

/** «+7 900 000-34-18»: the usual grouping of Russian numbers; others as they are. What is masked stays masked. */
export const spokenPhone = (phone: string): string => {
  const parts = /^\+7(\S{3})(\S{3})(\S{2})(\S{2})$/.exec(phone);
  return parts ? `+7 ${parts[1]} ${parts[2]}-${parts[3]}-${parts[4]}` : phone;
};

/** A number to call, or, for those who may not see it, what the service shows of it. */
export function PhoneLink({ phone }: { phone: string }) {
  return /^\+\d{5,15}$/.test(phone) ? (
    <a href={`tel:${phone}`} className="numbers">
      {spokenPhone(phone)}
    </a>
  ) : (
    <Veiled text={phone} />
  );
}

export function MailLink({ email }: { email: string }) {
  return /^[^\s@*<>"]+@[^\s@*<>"]+$/.test(email) ? (
    <a href={`mailto:${encodeURIComponent(email).replaceAll('%40', '@')}`} className="breakable">
      {email}
    </a>
  ) : (
    <Veiled text={email} />
  );
}

function Veiled({ text }: { text: string }) {
  const t = texts.use();
  const { seesContacts } = useOpenProject();
  return (
    <span className="breakable" title={!seesContacts && text.includes('*') ? t('hidden') : undefined}>
      {text}
    </span>
  );
}
