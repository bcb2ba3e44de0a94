import { computed } from '@preact/signals';
import { language } from '../texts.ts';
import { en } from './en.ts';
import { ko } from './ko.ts';

/** What the view Benchmark says; it comes with the view, in all languages. */
export type BenchmarkTexts = typeof en;

export const benchmarkTexts = computed<BenchmarkTexts>(() => (language.value === 'ko' ? ko : en));
