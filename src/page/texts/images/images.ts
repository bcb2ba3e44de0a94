import { computed } from '@preact/signals';
import { language } from '../texts.ts';
import { en, type ImageTexts } from './en.ts';
import { ko } from './ko.ts';

/** The words of what only images have. */
export const imageTexts = computed<ImageTexts>(() => (language.value === 'ko' ? ko : en));
