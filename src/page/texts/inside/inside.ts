import { computed } from '@preact/signals';
import { language } from '../texts.ts';
import { en } from './en.ts';
import { ko } from './ko.ts';

/** What the view Inside says; it comes with the view, in all languages. */
export type InsideTexts = typeof en;

export const insideTexts = computed<InsideTexts>(() => (language.value === 'ko' ? ko : en));
