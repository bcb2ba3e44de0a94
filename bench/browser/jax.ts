import { blockUntilReady, type Device, init, jit, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import type { TrainingSession } from '../../src/page/measure/contestant.ts';
import type { Entrant } from '../contestants/entrant.ts';
import type { Workload } from '../workloads/workloads.ts';

type Layer = { weights: np.Array; biases: np.Array };
type Step = (layers: Layer[], inputs: np.Array, targets: np.Array) => [np.Array, Layer[]];

/**
 * jax-js: one compiled function a step. What is passed to a function is given away, `ref` keeps it.
 */
export const jax: Entrant[] = (['webgpu', 'wasm'] as const).map((device) => ({
  name: `jax-js ${device}`,
  precision: 'single',
  async start() {
    if (!(await init(device)).includes(device)) throw new Error(`jax-js has no backend ${device} here.`);
  },
  create: async (workload) => new JaxSession(workload, device),
}));

class JaxSession implements TrainingSession {
  readonly #inputs: np.Array;
  readonly #targets: np.Array;
  readonly #loss: (layers: Layer[], inputs: np.Array, targets: np.Array) => np.Array;
  readonly #step: Step & { dispose(): void };
  #layers: Layer[];

  constructor({ data, learningRate, l2, parameters }: Workload, device: Device) {
    const upload = (values: ArrayLike<number>, shape: number[]) =>
      np.array(Float32Array.from(values), { shape, device });
    const oneHot = new Float32Array(data.count * data.classes);
    data.labels.forEach((label, row) => {
      oneHot[row * data.classes + label] = 1;
    });
    this.#inputs = upload(data.inputs, [data.count, data.features]);
    this.#targets = upload(oneHot, [data.count, data.classes]);
    this.#layers = parameters.map(({ weights, biases }) => ({
      weights: upload(weights, [weights.length / biases.length, biases.length]),
      biases: upload(biases, [biases.length]),
    }));

    const loss = (layers: Layer[], inputs: np.Array, targets: np.Array) => {
      let x = inputs;
      let squares = np.array(0);
      layers.forEach(({ weights, biases }, layer) => {
        squares = squares.add(np.square(weights.ref).sum());
        x = np.dot(x, weights).add(biases);
        if (layer < layers.length - 1) x = nn.relu(x);
      });
      const dataLoss = nn
        .logSoftmax(x)
        .mul(targets)
        .sum()
        .mul(-1 / data.count);
      return dataLoss.add(squares.mul(l2 / 2));
    };
    this.#loss = loss;
    this.#step = jit((layers: Layer[], inputs: np.Array, targets: np.Array) => {
      const [value, gradients] = valueAndGrad(loss)(tree.ref(layers), inputs, targets);
      const descend = (parameter: np.Array, gradient: np.Array) => parameter.sub(gradient.mul(learningRate));
      return [value, tree.map(descend, layers, gradients)];
    }) as Step & { dispose(): void };
  }

  async train(steps: number): Promise<void> {
    for (let step = 1; step < steps; step++) this.#advance().dispose();
    const loss = this.#advance();
    await blockUntilReady(this.#layers);
    await loss.data();
  }

  async loss(): Promise<number> {
    const loss = this.#loss(tree.ref(this.#layers), this.#inputs.ref, this.#targets.ref);
    return (await loss.data())[0];
  }

  destroy(): void {
    tree.dispose([this.#layers, this.#inputs, this.#targets]);
    this.#step.dispose();
  }

  /** One step; its loss was taken before the update. */
  #advance(): np.Array {
    const [loss, layers] = this.#step(this.#layers, this.#inputs.ref, this.#targets.ref);
    this.#layers = layers;
    return loss;
  }
}
