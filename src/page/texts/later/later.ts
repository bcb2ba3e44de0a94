import { computed } from '@preact/signals';
import { language } from '../texts.ts';
import { en, type LaterTexts } from './en.ts';
import { ko } from './ko.ts';

/** The words of the parts of the first view that come a little later. */
export const laterTexts = computed<LaterTexts>(() => (language.value === 'ko' ? ko : en));
