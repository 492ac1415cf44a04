import { theme, type ThemeConfig } from 'antd';
import { useSyncExternalStore } from 'react';

export type Look = 'light' | 'dark' | 'auto';

const kept = 'leadingest.look';
const darkOutside = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();
let chosen = (localStorage.getItem(kept) ?? 'auto') as Look;

const tell = (): void => listeners.forEach((l) => l());
darkOutside.addEventListener('change', tell);

export function lookLike(look: Look): void {
  chosen = look;
  localStorage.setItem(kept, look);
  tell();
}

const listen = (listener: () => void): (() => void) => (listeners.add(listener), () => listeners.delete(listener));
export const useLook = (): Look => useSyncExternalStore(listen, () => chosen);
export const useIsDark = (): boolean => useSyncExternalStore(listen, () => (chosen === 'auto' ? darkOutside.matches : chosen === 'dark'));

/** Colours of texts are darker (or, on dark, lighter) than the library's own, which fail the contrast of 4.5 : 1. */
export const themeOf = (isDark: boolean): ThemeConfig => ({
  algorithm: isDark ? theme.darkAlgorithm : theme.defaultAlgorithm,
  token: {
    colorPrimary: isDark ? '#4c8dff' : '#1f5fd0',
    colorLink: isDark ? '#79aaff' : '#1a56c4',
    colorTextSecondary: isDark ? 'rgba(255,255,255,0.75)' : 'rgba(0,0,0,0.68)',
    colorTextTertiary: isDark ? 'rgba(255,255,255,0.65)' : 'rgba(0,0,0,0.6)',
    colorTextDescription: isDark ? 'rgba(255,255,255,0.7)' : 'rgba(0,0,0,0.62)',
    colorTextPlaceholder: isDark ? 'rgba(255,255,255,0.6)' : 'rgba(0,0,0,0.58)',
    colorSuccess: isDark ? '#49aa19' : '#237804',
    colorWarning: isDark ? '#d8a01c' : '#ad6800',
    colorError: isDark ? '#ff7875' : '#cf1322',
    // Texts of coloured tags.
    ...(isDark ? {} : { green7: '#135200', orange7: '#873800', gold7: '#613400', red7: '#a8071a', volcano7: '#871400', lime7: '#254000', cyan7: '#00474f', purple7: '#391085', magenta7: '#780650' }),
    borderRadius: 6,
    motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  },
  components: { Layout: { siderBg: isDark ? '#141414' : '#ffffff', headerBg: isDark ? '#141414' : '#ffffff', headerPadding: '0 16px', headerHeight: 52 }, Table: { cellPaddingBlock: 9 } },
});
