import { isLoaded, type Settings } from '../settings/settings.ts';
import { texts } from '../texts/texts.ts';

/** Why a run has nothing to learn from. */
export const noData = ({ shape }: Pick<Settings, 'shape'>): string =>
  isLoaded(shape) ? texts.value.noRows : texts.value.noPoints;
