import { effect, signal } from '@preact/signals';
import { recall, remember } from '../settings/storage.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const STORAGE_KEY = 'spiralnet theme';

/** Light or dark: the stored choice, else the system's. */
export const theme = signal<Theme>(THEMES.find((name) => name === recall(STORAGE_KEY)) ?? 'system');

effect(() => {
  if (theme.value === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
});

export function chooseTheme(next: Theme): void {
  theme.value = next;
  remember(STORAGE_KEY, next);
}
