/** The numbers of a tensor, row-major: float32 in single precision, float64 in double precision. */
export type FloatArray = Float32Array | Float64Array;

/**
 * A labelled data set: `count` rows of `features` numbers, each row in one of `classes` classes.
 */
export interface Dataset {
  /** `count × features`, row-major. */
  inputs: FloatArray;
  /** `count` class indices, each below `classes`. */
  labels: Uint32Array;
  count: number;
  features: number;
  classes: number;
  featureNames?: string[];
  classNames?: string[];
}

/** A data set for regression: `count` rows of `features` numbers, each with `outputs` targets. */
export interface RegressionDataset {
  /** `count × features`, row-major. */
  inputs: FloatArray;
  /** `count × outputs`, row-major. */
  targets: FloatArray;
  count: number;
  features: number;
  outputs: number;
  featureNames?: string[];
  outputNames?: string[];
}

/** A data set of a classifier or of a regression. */
export type AnyDataset = Dataset | RegressionDataset;

/** One affine layer: `outputs = inputs · weights + biases`. */
export interface LayerParameters {
  /** `fanIn × fanOut`, row-major. */
  weights: FloatArray;
  /** `fanOut`. */
  biases: FloatArray;
}
