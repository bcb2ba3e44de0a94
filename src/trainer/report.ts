import { dataset } from '../checks/dataset.ts';
import { isObject } from '../checks/schema.ts';
import { OptionError } from '../errors.ts';
import type { Dataset, FloatArray } from '../types.ts';

/** A trainer of a classifier, or another object that predicts classes, such as a model from a file. */
export interface Classifier {
  predict(inputs: FloatArray): { labels: Uint32Array } | Promise<{ labels: Uint32Array }>;
}

/** How well one class is told from the others. */
export interface ClassReport {
  /** The class's name, or its index. */
  name: string;
  /** Rows of the class. */
  count: number;
  /** Rows that are predicted as the class. */
  predicted: number;
  /** The share of the predicted rows that are of the class; NaN if there are none. */
  precision: number;
  /** The share of the class's rows that are predicted as it; NaN if there are none. */
  recall: number;
  /** The harmonic mean of both, 2·hits / (count + predicted); NaN if there are no rows of either. */
  f1: number;
}

/** The result of {@link report}. */
export interface Report {
  /** Share of rows whose class is predicted. */
  accuracy: number;
  classes: ClassReport[];
  /** `classes × classes` counts of rows, row-major: a row for each true class. */
  confusion: Uint32Array;
  /** The predicted class of each row. */
  labels: Uint32Array;
}

/**
 * Predicts labelled rows, and counts for each class how often it is right.
 * @param classifier a trainer, or another object with its `predict`
 * @param data rows as `predict` takes them
 * @throws {OptionError} if the classifier predicts no classes, or `data` has other features or classes
 */
export async function report(classifier: Classifier, data: Dataset): Promise<Report> {
  if (!isObject(classifier) || typeof classifier.predict !== 'function')
    throw new OptionError('classifier', 'a trainer or a model, with its method predict', classifier);
  const rows = dataset({ float32: false })(data, 'data');
  if (!('labels' in rows)) throw new OptionError('data', 'data with labels, not with targets', data);
  const { count, classes, labels: truth } = rows;
  const { labels } = await classifier.predict(data.inputs);
  if (labels?.length !== count)
    throw new OptionError(
      'classifier',
      `a classifier that gives ${count} labels for ${count} rows`,
      classifier,
    );
  const confusion = new Uint32Array(classes * classes);
  labels.forEach((label, row) => {
    if (label < classes) confusion[truth[row] * classes + label]++;
    else throw new OptionError('data.classes', `at least ${label + 1}, as the classifier has`, classes);
  });
  const hits = (index: number) => confusion[index * classes + index];
  const indices = Array.from({ length: classes }, (_, index) => index);
  const sum = (of: (other: number) => number) => indices.reduce((total, other) => total + of(other), 0);
  return {
    accuracy: sum(hits) / count,
    classes: indices.map((index) => {
      const total = sum((other) => confusion[index * classes + other]);
      const predicted = sum((other) => confusion[other * classes + index]);
      return {
        name: rows.classNames?.[index] ?? String(index),
        count: total,
        predicted,
        precision: hits(index) / predicted,
        recall: hits(index) / total,
        f1: (2 * hits(index)) / (total + predicted),
      };
    }),
    confusion,
    labels,
  };
}
