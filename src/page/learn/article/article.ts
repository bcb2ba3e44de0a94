import { type Language, language } from '../../texts/texts.ts';
import { en } from './en.ts';
import { ko } from './ko.ts';
import type { ArticleWords } from './words.ts';

const WORDS: Record<Language, ArticleWords> = { en, ko };

/** The article in the present language. */
export const article = (): ArticleWords => WORDS[language.value];
