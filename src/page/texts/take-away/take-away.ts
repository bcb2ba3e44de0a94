import { computed } from '@preact/signals';
import { language } from '../texts.ts';
import { en, type TakeAwayTexts } from './en.ts';
import { ko } from './ko.ts';

/** The words of what can be taken away. */
export const takeAwayTexts = computed<TakeAwayTexts>(() => (language.value === 'ko' ? ko : en));
