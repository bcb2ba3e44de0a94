import { computed } from '@preact/signals';
import { language } from '../texts.ts';
import { type BenchmarkTexts, en } from './en.ts';
import { ko } from './ko.ts';

export const benchmarkTexts = computed<BenchmarkTexts>(() => (language.value === 'ko' ? ko : en));
