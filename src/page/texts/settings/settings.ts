import { computed } from '@preact/signals';
import { language } from '../texts.ts';
import { en, type SettingsTexts } from './en.ts';
import { ko } from './ko.ts';

/** The words of the settings, which come with their panel. */
export const settingsTexts = computed<SettingsTexts>(() => (language.value === 'ko' ? ko : en));
