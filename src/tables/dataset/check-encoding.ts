import { numberThat } from '../../checks/numbers.ts';
import { type Check, isObject, list, oneOf, optional, readFields } from '../../checks/schema.ts';
import { OptionError } from '../../errors.ts';
import type { DateOrder } from '../table.ts';
import type { FeatureEncoding, LabelEncoding, TableEncoding } from './encoding.ts';

const MOST = 2 ** 24;

const text: Check<string> = (value, name) => {
  if (typeof value === 'string') return value;
  throw new OptionError(name, 'a text', value);
};

const texts = list(text, 'an array of texts', MOST);
const finite = numberThat(Number.isFinite, 'a finite number');

const dates = optional(oneOf('day-first', 'month-first'));

function datesOf(value: unknown, name: string): { dates?: DateOrder } {
  const { dates: order } = fields(value, name, { dates });
  return order ? { dates: order } : {};
}

const feature: Check<FeatureEncoding> = (value, name) => {
  const { column, kind } = fields(value, name, { column: text, kind: oneOf('number', 'truth', 'category') });
  if (kind === 'truth') return { column, kind, ...fields(value, name, { mean: finite }) };
  if (kind === 'number')
    return { column, kind, ...fields(value, name, { mean: finite }), ...datesOf(value, name) };
  const { categories, means } = fields(value, name, {
    categories: texts,
    means: list(finite, 'an array of means', MOST),
  });
  if (means.length === categories.length && means.length > 0) return { column, kind, categories, means };
  throw new OptionError(`${name}.means`, `a mean for each of the ${categories.length} categories`, means);
};

const label: Check<LabelEncoding> = (value, name) => {
  const { column, kind } = fields(value, name, { column: text, kind: oneOf('classes', 'values') });
  if (kind === 'values') return { column, kind, ...datesOf(value, name) };
  return { column, kind, ...fields(value, name, { classes: texts }) };
};

/** @throws {OptionError} if the value is no encoding, such as one that was changed on its way */
export function checkEncoding(value: unknown, name: string): TableEncoding {
  const features = list(feature, "an array of features' encodings", MOST);
  return fields(value, name, { features, label, missing: oneOf('drop', 'mean', 'error') });
}

function fields<T extends object>(
  value: unknown,
  name: string,
  schema: { readonly [Name in keyof T]-?: Check<T[Name]> },
): T {
  if (isObject(value)) return readFields<T>(value, schema, name);
  throw new OptionError(name, `an object with ${Object.keys(schema).join(', ')}`, value);
}
