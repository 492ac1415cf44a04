import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import { reach } from '../api/reach';

/** A page whose code comes when it is first wanted. While the service is away it is waited for; a browser that has given the file up, or a newer version of the page, is helped by loading anew. */
export const lazily = (load: () => Promise<{ default: ComponentType }>): LazyExoticComponent<ComponentType> =>
  lazy(async () => {
    try {
      return await load();
    } catch {
      reach.tell(false);
      await reach.back();
      return load().catch(() => {
        location.reload();
        return new Promise<never>(() => {});
      });
    }
  });
