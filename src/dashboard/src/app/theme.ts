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
    colorWarning: isDark ? '#d8a01c' : '#8f5600',
    colorError: isDark ? '#ff7875' : '#cf1322',
    // Made of the darker colours they would come out as mud.
    ...(isDark ? {} : { colorSuccessBg: '#f6ffed', colorSuccessBorder: '#b7eb8f', colorWarningBg: '#fffbe6', colorWarningBorder: '#ffe58f', colorErrorBg: '#fff2f0', colorErrorBorder: '#ffccc7' }),
    borderRadius: 6,
    motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  },
  // Words on coloured tags, buttons and the chosen page are read, too: 4.5 : 1.
  components: {
    ...(isDark
      ? { Menu: { itemSelectedColor: '#a9c8ff' }, Button: { colorPrimary: '#2f6bd6', colorPrimaryHover: '#3a73da', dangerColor: '#1a0000' } }
      : { Button: { colorPrimaryHover: '#1a53b8', colorPrimaryActive: '#15459b' }, Tag: { green7: '#237804', cyan7: '#006d75', orange7: '#ad4e00', gold7: '#874d00', red7: '#a8071a', purple7: '#391085' } }),
    Layout: { siderBg: isDark ? '#141414' : '#ffffff', headerBg: isDark ? '#141414' : '#ffffff', headerPadding: '0 16px', headerHeight: 52 },
    Table: { cellPaddingBlock: 9 },
  },
});
