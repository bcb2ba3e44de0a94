import { computed } from '@preact/signals';
import { language } from '../texts.ts';
import { en, type FileTexts } from './en.ts';
import { ko } from './ko.ts';

/** The words of a person's own data, which come with its dialog. */
export const fileTexts = computed<FileTexts>(() => (language.value === 'ko' ? ko : en));
