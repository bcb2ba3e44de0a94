import {
  type AnyDataset,
  createTrainer,
  type Measurement,
  type RegressionMeasurement,
  type RegressionOptions,
  type RegressionTrainer,
  type Trainer,
  type TrainerOptions,
} from '../../index.ts';

/** A classifier or a regression. */
export type Network = Trainer | RegressionTrainer;
export type NetworkOptions = TrainerOptions | RegressionOptions;
/** A measurement with the accuracy of a classifier, or the r² of a regression. */
export type Measured = Omit<Measurement, 'accuracy'> &
  Partial<Pick<Measurement, 'accuracy'> & Pick<RegressionMeasurement, 'r2'>>;

/** @throws as createTrainer */
export const createNetwork = (options: NetworkOptions): Promise<Network> =>
  isOfRegression(options) ? createTrainer(options) : createTrainer(options);

const isOfRegression = (options: NetworkOptions): options is RegressionOptions => 'targets' in options.data;

/** The loss and how well the network does, over the training data or over other data. */
export function measure(network: Network, data?: AnyDataset): Promise<Measured> {
  const { measure }: { measure(data?: AnyDataset): Promise<Measured> } = network;
  return data ? measure.call(network, data) : measure.call(network);
}
