import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GpuMemory } from '../src/gpu/memory/memory.ts';
import { choiceName, choicesFor, createPlan } from '../src/gpu/plans/candidates.ts';
import { createContext } from '../src/gpu/plans/plan.ts';
import { measurePeak } from '../src/gpu/profile/peak.ts';
import { compute } from '../src/gpu/profile/self-test.ts';
import { predict } from '../src/gpu/reads/forward.ts';
import { indent } from '../src/indent.ts';
import { caseStudy, type TrainerOptions } from '../src/index.ts';
import { resolveOptions } from '../src/options/trainer.ts';
import { textDevice } from '../tests/helpers/devices/text-device.ts';
import { double } from './lib/real-double.ts';

const CARD = {
  name: 'a graphics card',
  info: { vendor: 'nvidia', architecture: 'ada', isFallbackAdapter: false, subgroupMaxSize: 32 },
};
const SOFTWARE = {
  name: 'a software adapter',
  info: { vendor: 'google', architecture: 'swiftshader', isFallbackAdapter: true, subgroupMaxSize: 4 },
};

/**
 * Work whose kernels are kept. A kernel of several works stands in the folder of the first work.
 */
interface Work {
  /** The network, in words. */
  what: string;
  adapter?: typeof CARD;
  /** The labels of the kernels to keep; default: all kernels. */
  only?: RegExp;
  /** Compiles all kernels of the work. @param part is called before each part, with its name */
  run: (device: GPUDevice, part: (name: string) => void) => Promise<unknown>;
}

/** Every plan that the code chooses for training, measuring and prediction. */
function trained(changes: Partial<TrainerOptions> = {}): Work['run'] {
  const { setup } = resolveOptions({ ...caseStudy.network.options, ...changes });
  return async (device, part) => {
    const memory = new GpuMemory(device, setup.precision === 'double' ? double : 'single');
    const context = await createContext(memory, setup);
    for (const choice of [...choicesFor(context, 'auto').list, { plan: 'layered' } as const]) {
      part(`plan ${choiceName(choice)}`);
      await createPlan(context, choice);
    }
    part('prediction');
    await predict(memory, context.network, setup.data.inputs);
  };
}

const STUDY = 'The case study';
const DEEP = 'Not the case study, but two hidden layers of 100 units';
const deep = trained({ hidden: [100, 100], parameters: undefined });

const WORKS: Record<string, Work> = {
  'case-study': { what: STUDY, adapter: CARD, run: trained() },
  'case-study-software': { what: STUDY, adapter: SOFTWARE, run: trained() },
  deep: { what: DEEP, adapter: CARD, run: deep },
  'deep-software': {
    what: DEEP,
    adapter: SOFTWARE,
    only: /^matmul (hidden 1|dweights 1, update)/,
    run: deep,
  },
  batches: {
    what: 'Not the case study, but batches of 100 rows',
    only: /^gather/,
    run: trained({ batchSize: 100 }),
  },
  momentum: {
    what: 'Not the case study, but SGD with momentum',
    only: /^update/,
    run: trained({ optimizer: { name: 'sgd', momentum: 0.9 } }),
  },
  adam: {
    what: 'Not the case study, but Adam',
    only: /^update/,
    run: trained({ optimizer: { name: 'adam' } }),
  },
  double: {
    what: 'Not the case study, but double precision',
    only: /^(update|fused forward)/,
    run: trained({ precision: 'double' }),
  },
  device: {
    what: 'Not the case study, but a look at the device',
    run: async (device, part) => {
      part('self-test of double precision');
      await compute(device, 'add', double, Float64Array.of(1), Float64Array.of(2 ** -40));
      part('peak of its speed');
      await measurePeak(device);
    },
  },
};

/** The texts by their paths, each with a first line that names its use. */
async function textsOf(works: typeof WORKS): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  const known = new Set<string>();
  for (const [folder, { what, adapter = CARD, only = /^/, run }] of Object.entries(works)) {
    const { device, texts: given } = textDevice(adapter.info);
    const parts: { name: string; start: number }[] = [];
    await run(device, (name) => parts.push({ name, start: given.length }));
    for (const [i, { label, code }] of given.entries()) {
      if (known.has(code) || !only.test(label)) continue;
      known.add(code);
      const part = parts.findLast(({ start }) => start <= i)?.name;
      const path = `${folder}/${label.replaceAll(/[^a-z0-9]+/g, '-')}`;
      // Two plans, or two divisions of work, may have kernels of one label.
      let number = 1;
      while (texts.has(pathOf(path, number))) number++;
      const head = `// ${what}, on ${adapter.name}, ${part}: ${label}.`;
      texts.set(pathOf(path, number), `${head}\n${indent(code).trimStart()}`);
    }
  }
  return texts;
}

const pathOf = (path: string, number: number) => (number === 1 ? path : `${path}.${number}`);

const texts = await textsOf(WORKS);

test.each(Array.from(texts.keys()))('shaders/texts/%s.wgsl is what the generator makes', async (path) => {
  // `npx vitest run shaders/texts -u` writes the files anew; the difference shows the effect of a
  // change.
  await expect(texts.get(path)).toMatchFileSnapshot(`texts/${path}.wgsl`);
});

test('shaders/texts has no file that no kernel writes', () => {
  const files = readdirSync(join(import.meta.dirname, 'texts'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.includes('.'))
    .map((path) => path.replaceAll('\\', '/').replace(/\.wgsl$/, ''));
  expect(files.filter((path) => !texts.has(path))).toEqual([]);
});
