import { computed } from '@preact/signals';
import { language } from '../texts.ts';
import { en, type LearnTexts } from './en.ts';
import { ko } from './ko.ts';

export const learnTexts = computed<LearnTexts>(() => (language.value === 'ko' ? ko : en));
