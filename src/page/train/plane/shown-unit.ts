import { texts } from '../../texts/texts.ts';
import { formatSigned } from '../../ui/format.ts';
import type { UnitPicture } from '../network/unit-picture.ts';

/** A unit of the network to show instead of the regions. */
export interface ShownUnit extends UnitPicture {
  name: string;
  formula?: string | undefined;
}

/** What a unit gives; inputs, probabilities and values are called by what they are. */
export function unitTitle({ name, unit }: Pick<ShownUnit, 'name' | 'unit'>): string {
  if (unit.kind === 'hidden') return texts.value.regions.unitTitle(name);
  return `${name[0].toUpperCase()}${name.slice(1)}`;
}

/** The formula of a unit and the range of its values, or that it is dead. */
export function valuesInWords({ unit, values, formula }: ShownUnit): string {
  const { regions: words } = texts.value;
  const [least, most] = values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const told =
    unit.kind === 'hidden' && most === 0
      ? words.nothing
      : words.values(formatSigned(least), formatSigned(most));
  return formula ? `${formula}: ${told}` : told;
}
