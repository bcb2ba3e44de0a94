import type { StudyData } from '../settings/study-data.ts';
import { texts } from '../texts/texts.ts';

/** The name that loaded rows have for a class, or its number in words. */
export const classNameOf = ({ classNames }: Pick<StudyData, 'classNames'>, label: number): string =>
  classNames?.[label] ?? texts.value.regions.className(label);
