import { computed } from '@preact/signals';
import { language } from '../texts.ts';
import { en, type InsideTexts } from './en.ts';
import { ko } from './ko.ts';

export const insideTexts = computed<InsideTexts>(() => (language.value === 'ko' ? ko : en));
