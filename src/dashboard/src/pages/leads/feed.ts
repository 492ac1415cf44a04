import { useEffect, useEffectEvent, useState } from 'react';
import { addressOf, api } from '../../api/client';
import type { Lead } from './filters';

/** `live`: told at once. `away`: connecting again. `polling`: asked for now and then, as the stream cannot be had. */
export type FeedState = 'away' | 'live' | 'polling';

const pollEvery = 15_000;
/** A stream that was refused (too many listeners, an older service) may be had later. */
const retryAfter = 60_000;

interface News {
  /** Leads that may be new or known already; `isCut`: there may be older ones that are new as well. */
  readonly onLeads: (leads: readonly Lead[], isCut: boolean) => void;
  /** A lead that is known and has changed; when it is not known, that is nothing to tell. */
  readonly onChanged: (lead: Lead) => void;
  /** More happened than could be told. */
  readonly onGap: () => void;
}

/**
 * Leads as they come. While the page is not looked at the stream is let go: a browser opens only six connections to a service, and tabs in the background must not take them all.
 * What came meanwhile is asked for on return.
 */
export function useLeadFeed(news: News): FeedState {
  const [state, setState] = useState<FeedState>('away');
  const onLeads = useEffectEvent(news.onLeads);
  const onChanged = useEffectEvent(news.onChanged);
  const onGap = useEffectEvent(news.onGap);

  useEffect(() => {
    let source: EventSource | undefined;
    let polls: ReturnType<typeof setInterval> | undefined;
    let later: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;

    const poll = async (): Promise<void> => {
      const { data } = await api.GET('/v1/leads', { params: { query: { limit: 50 } } });
      if (!isOver && data) onLeads(data.items, data.nextCursor !== null);
    };
    const startPolling = (): void => {
      setState('polling');
      if (polls !== undefined) return;
      void poll();
      polls = setInterval(() => void poll(), pollEvery);
    };
    const stopPolling = (): void => {
      clearInterval(polls);
      polls = undefined;
    };
    const letGo = (): void => {
      source?.close();
      source = undefined;
      clearTimeout(later);
      stopPolling();
    };
    const read = (tell: (lead: Lead) => void) => (e: MessageEvent<string>) => {
      const lead = JSON.parse(e.data) as Lead | null;
      if (lead) tell(lead);
    };
    const open = (): void => {
      letGo();
      setState('away');
      const stream = new EventSource(addressOf('/v1/leads/feed'));
      source = stream;
      stream.onopen = () => {
        clearTimeout(later);
        stopPolling();
        setState('live');
        // What came between the list and the stream.
        void poll();
      };
      stream.addEventListener('lead', read((lead) => onLeads([lead], false)));
      stream.addEventListener('changed', read((lead) => onChanged(lead)));
      stream.addEventListener('gap', () => onGap());
      stream.onerror = () => {
        if (stream.readyState === EventSource.CLOSED) {
          startPolling();
          clearTimeout(later);
          later = setTimeout(open, retryAfter);
        } else if (polls === undefined) {
          setState('away');
          // The browser goes on trying by itself; when that takes long, leads are asked for meanwhile.
          clearTimeout(later);
          later = setTimeout(startPolling, pollEvery);
        }
      };
    };
    const look = (): void => (document.hidden ? letGo() : open());

    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      isOver = true;
      document.removeEventListener('visibilitychange', look);
      letGo();
    };
  }, []);

  return state;
}
