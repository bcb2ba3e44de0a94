import { computed, type ReadonlySignal } from '@preact/signals';
import { type Language, language } from '../../texts/texts.ts';

/** The words of a figure in the present language. */
export const inLanguage = <Words>(words: Record<Language, Words>): ReadonlySignal<Words> =>
  computed(() => words[language.value]);
