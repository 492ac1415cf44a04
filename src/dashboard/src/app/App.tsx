import { hashKey, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App as Library, ConfigProvider } from 'antd';
import enGB from 'antd/locale/en_GB';
import ruRU from 'antd/locale/ru_RU';
import { useEffect, useState } from 'react';
import { BrowserRouter } from 'react-router';
import { isProblem, ofThisProject } from '../api/client';
import { reach } from '../api/reach';
import { Doors } from './Doors';
import { Unreachable } from './Unreachable';
import { nonce } from './nonce';
import { useLanguage } from './texts';
import { themeOf, useIsDark } from './theme';

const newClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        queryKeyHashFn: (key) => hashKey(ofThisProject(key)),
        refetchOnWindowFocus: false,
        // A refusal stays one; a service that is away is asked again when it is back (see below).
        retry: (count, problem) => isProblem(problem) && problem.status >= 500 && count < 2,
      },
    },
  });

export function App() {
  const lang = useLanguage();
  const isDark = useIsDark();
  const [client] = useState(newClient);

  useEffect(() => {
    document.documentElement.style.colorScheme = isDark ? 'dark' : 'light';
    document.body.style.background = isDark ? '#000' : '#f5f5f5';
  }, [isDark]);
  useEffect(() => reach.listen(() => void (reach.isThere && client.invalidateQueries())), [client]);

  return (
    <ConfigProvider locale={lang === 'en' ? enGB : ruRU} theme={themeOf(isDark)} csp={nonce ? { nonce } : undefined} button={{ autoInsertSpace: false }}>
      <Library message={{ maxCount: 3 }}>
        <QueryClientProvider client={client}>
          <BrowserRouter>
            <Unreachable />
            <Doors />
          </BrowserRouter>
        </QueryClientProvider>
      </Library>
    </ConfigProvider>
  );
}
