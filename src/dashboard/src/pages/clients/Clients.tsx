import { useNavigate } from 'react-router';
import { useMay } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { CardDrawer, useCard } from '../../parts/CardDrawer';
import { PageTabs } from '../../parts/PageTabs';
import { usePaged } from '../../parts/paged';
import { usePlace } from '../../parts/PersonLinks';
import { Room } from '../../parts/Room';
import { ClientCard, ClientPage, ClientTitle } from './ClientCard';
import { ClientList } from './ClientList';
import { Suggestions, type Suggestion } from './Suggestions';

const texts = defineTexts(
  { title: 'Клиенты', about: 'Люди, которые обращались, и всё, что о них известно', all: 'Все клиенты', same: 'Возможно, одно лицо', sections: 'Клиенты и совпадения' },
  { title: 'Clients', about: 'People who asked, and all that is known of them', all: 'All clients', same: 'Maybe one person', sections: 'Clients and matches' },
);

export default function Clients() {
  const t = texts.use();
  const may = useMay();
  const place = usePlace();
  const navigate = useNavigate();
  const card = useCard(place.clients);
  const suggestions = usePaged<Suggestion>('/v1/clients/suggestions', {}, may('workLeads'));
  const isSuggestions = card.id === 'suggestions';
  const openId = isSuggestions ? undefined : card.id;
  if (openId && !card.isOver) return <ClientPage key={openId} id={openId} />;
  const count = suggestions.items.length;
  return (
    <Room title={t('title')} about={t('about')}>
      {may('workLeads') ? (
        <PageTabs
          label={t('sections')}
          active={isSuggestions ? 'suggestions' : 'all'}
          onChange={(key) => void navigate(key === 'suggestions' ? `${place.clients}/suggestions` : place.clients)}
          tabs={[
            { key: 'all', label: t('all'), page: () => <ClientList onOpen={card.open} /> },
            { key: 'suggestions', label: `${t('same')}${count > 0 ? ` (${count}${suggestions.hasMore ? '+' : ''})` : ''}`, page: () => <Suggestions list={suggestions} /> },
          ]}
        />
      ) : (
        <ClientList onOpen={card.open} />
      )}
      <CardDrawer isOpen={openId !== undefined} onClose={card.close} title={openId && <ClientTitle id={openId} />}>
        {openId && <ClientCard key={openId} id={openId} />}
      </CardDrawer>
    </Room>
  );
}
