import { Form, Input } from 'antd';
import type { Schemas } from '../../../api/client';
import { useLanguage } from '../../../app/texts';
import { secretNames, usualSecret } from './guides';

type Provider = Schemas['ListSenderProvidersProviderAnswer'];

/** What a sender proves itself with: only those secrets that the provider knows. `kept` are stored already and stay unless entered anew. */
export function SecretFields({ of, kept = [], keptHint }: { of: Provider; kept?: readonly string[]; keptHint?: string }) {
  const at = useLanguage() === 'en' ? 1 : 0;
  const names = secretNames[`${of.kind}/${of.provider}`] ?? {};
  return (['secret', 'key', 'confirmation'] as const)
    .filter((name) => of[name])
    .map((name) => (
      <Form.Item key={name} name={['secrets', name]} label={(names[name] ?? usualSecret[name])[at]} {...(kept.includes(name) ? { extra: keptHint } : {})}>
        {name === 'secret' ? <Input.Password autoComplete="off" maxLength={1000} /> : <Input autoComplete="off" maxLength={1000} />}
      </Form.Item>
    ));
}
