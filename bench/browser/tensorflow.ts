import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import wasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import type { TrainingSession } from '../../src/page/measure/contestant.ts';
import type { Entrant } from '../contestants/entrant.ts';
import type { Workload } from '../workloads/workloads.ts';

/** TensorFlow.js, its Core API: the kernels that its dense layers use, and its SGD optimizer. */
export const tensorflow: Entrant[] = ['webgpu', 'wasm', 'webgl', 'cpu'].map((backend) => ({
  name: `TensorFlow.js ${backend}`,
  precision: 'single',
  async start() {
    // Without checks of every result for NaN and of every argument.
    tf.enableProdMode();
    // Packed, exp writes 1 into the padding of an odd number of classes, and the next product adds
    // it up: losses of the case study would be off by 4e-3 after 13 steps. It takes the same time
    // without.
    if (backend === 'webgl') tf.env().set('WEBGL_PACK_UNARY_OPERATIONS', false);
    setWasmPaths({
      'tfjs-backend-wasm.wasm': wasmUrl,
      'tfjs-backend-wasm-simd.wasm': simdUrl,
      'tfjs-backend-wasm-threaded-simd.wasm': threadedUrl,
    });
    if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no backend ${backend} here.`);
  },
  async create(workload) {
    await tf.setBackend(backend);
    return new TensorflowSession(workload, backend);
  },
}));

class TensorflowSession implements TrainingSession {
  readonly #backend: string;
  readonly #l2: number;
  readonly #inputs: tf.Tensor2D;
  readonly #targets: tf.Tensor;
  readonly #weights: tf.Variable<tf.Rank.R2>[];
  readonly #biases: tf.Variable<tf.Rank.R1>[];
  readonly #optimizer: tf.SGDOptimizer;

  constructor({ data, learningRate, l2, parameters }: Workload, backend: string) {
    this.#backend = backend;
    this.#l2 = l2;
    this.#inputs = tf.tensor2d(Float32Array.from(data.inputs), [data.count, data.features]);
    this.#targets = tf.tidy(() => {
      const labels = tf.tensor1d(Int32Array.from(data.labels), 'int32');
      return tf.cast(tf.oneHot(labels, data.classes), 'float32');
    });
    this.#biases = parameters.map(({ biases }) => tf.variable(tf.tensor1d(Float32Array.from(biases))));
    this.#weights = parameters.map(({ weights, biases }) => {
      const shape: [number, number] = [weights.length / biases.length, biases.length];
      return tf.variable(tf.tensor2d(Float32Array.from(weights), shape));
    });
    this.#optimizer = tf.train.sgd(learningRate);
  }

  /** All backends share one engine. */
  prepare(): Promise<boolean> {
    return tf.setBackend(this.#backend);
  }

  async train(steps: number): Promise<void> {
    const variables = [...this.#weights, ...this.#biases];
    for (let step = 1; step < steps; step++) {
      this.#optimizer.minimize(() => this.#cost(), false, variables);
    }
    const cost = this.#optimizer.minimize(() => this.#cost(), true, variables) as tf.Scalar;
    // Backends work in order, so that whatever was asked for before has been done when this
    // arrives.
    await cost.data();
    cost.dispose();
  }

  async loss(): Promise<number> {
    await this.prepare();
    const cost = tf.tidy(() => this.#cost());
    const [loss] = await cost.data();
    cost.dispose();
    return loss;
  }

  destroy(): void {
    tf.dispose([this.#inputs, this.#targets, ...this.#weights, ...this.#biases]);
    this.#optimizer.dispose();
  }

  #cost(): tf.Scalar {
    let x: tf.Tensor2D = this.#inputs;
    this.#weights.forEach((weights, layer) => {
      const activation = layer === this.#weights.length - 1 ? 'linear' : 'relu';
      x = tf.fused.matMul({ a: x, b: weights, bias: this.#biases[layer], activation }) as tf.Tensor2D;
    });
    const dataLoss = tf.losses.softmaxCrossEntropy(this.#targets, x);
    const squares = tf.addN(this.#weights.map((weights) => tf.sum(tf.square(weights))));
    return tf.add(dataLoss, tf.mul(squares, this.#l2 / 2)) as tf.Scalar;
  }
}
