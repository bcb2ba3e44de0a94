import { computed, signal } from '@preact/signals';
import { recall, remember } from '../settings/storage.ts';
import { en, type Texts } from './en.ts';

export const LANGUAGES = { en: 'English', ko: '한국어' } as const;
export type Language = keyof typeof LANGUAGES;

/** English comes with the page, the others when they are wanted. */
const LOADERS: Record<Exclude<Language, 'en'>, () => Promise<Texts>> = {
  ko: async () => (await import('./ko.ts')).ko,
};

const STORAGE_KEY = 'spiralnet language';

const current = signal<{ language: Language; texts: Texts }>({ language: 'en', texts: en });

export const language = computed(() => current.value.language);
export const texts = computed(() => current.value.texts);

/** Speaks the language that was chosen before, else the first of the browser's that there is. */
export async function beginLanguage(): Promise<void> {
  const stored = recall(STORAGE_KEY);
  const preferred = navigator.languages.map((tag) => tag.split('-')[0]).find(isLanguage);
  await speak(isLanguage(stored) ? stored : (preferred ?? 'en'));
}

export async function chooseLanguage(next: Language): Promise<void> {
  await speak(next);
  remember(STORAGE_KEY, next);
}

async function speak(next: Language): Promise<void> {
  try {
    current.value = { language: next, texts: next === 'en' ? en : await LOADERS[next]() };
  } catch (error) {
    // A page that cannot load a part of itself still speaks.
    console.warn(error);
  }
}

function isLanguage(name: string | undefined): name is Language {
  return name !== undefined && Object.hasOwn(LANGUAGES, name);
}
