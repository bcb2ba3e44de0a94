import { isRegression } from '../../settings/settings.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { takeAwayTexts } from '../../texts/take-away/take-away.ts';
import { texts } from '../../texts/texts.ts';
import { confusionPicture, scatterPicture } from './answers.tsx';
import { curvesPicture } from './curves.tsx';
import { networkPicture, unitsPicture } from './network.tsx';
import type { Picture, Taken } from './picture.ts';
import { regionsPicture } from './regions.tsx';

/** A picture that can be chosen. */
export interface Choice {
  id: string;
  title: string;
  /** Whether it is of a single unit. */
  ofUnit?: boolean;
  /** Makes the picture; undefined if it has not been computed. */
  make: () => Picture | undefined;
}

/** All pictures of a run, in the order of the page. */
export function choicesOf(taken: Taken): Choice[] {
  const { network, curves, confusion, scatter } = laterTexts.value;
  const { regions } = texts.value;
  const regression = isRegression(taken.settings);
  return [
    {
      id: 'regions',
      title: regression ? regions.valuesTitle : regions.title,
      make: () => regionsPicture(taken),
    },
    { id: 'curves', title: curves.title, make: () => curvesPicture(taken) },
    { id: 'network', title: network.title, make: () => networkPicture(taken) },
    { id: 'units', title: takeAwayTexts.value.units, make: () => unitsPicture(taken) },
    regression
      ? { id: 'answers', title: scatter.title, make: () => scatterPicture(taken) }
      : { id: 'answers', title: confusion.title, make: () => confusionPicture(taken) },
    ...taken.columns.flatMap(({ units }, column) =>
      units.map(({ values, ...unit }, i) => ({
        id: `${column} ${i}`,
        title: unit.name,
        ofUnit: true,
        make: () => {
          const picture = values && regionsPicture(taken, { ...unit, values });
          return picture && { ...picture, name: `unit-${column}-${i + 1}` };
        },
      })),
    ),
  ];
}
