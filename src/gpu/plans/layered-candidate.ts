import { type MatmulCandidate, matmulCandidates } from '../kernels/matmul.ts';
import {
  distinctProducts,
  type KernelChoice,
  type Product,
  productKey,
  stepProducts,
} from '../kernels/products.ts';
import type { GpuMemory } from '../memory/memory.ts';
import { createLayeredPlan } from './layered.ts';
import type { Candidate, PlanContext } from './plan.ts';

/**
 * A network's steps layer by layer. It is named after the kernels of products that rules would not choose, such as
 * `fused, hidden 0: quad 16×4 vec4, dweights 0: split 4 × shared 64×64`: each once for all products of its shape.
 * @param kernels which kernels those are
 */
export function layeredCandidate(
  context: PlanContext,
  plan: 'layered' | 'fused',
  kernels: KernelChoice = new Map(),
): Candidate {
  const { memory, setup, rule } = context;
  const update = plan === 'fused' ? rule : undefined;
  const products = distinctProducts(stepProducts(setup.sizes, setup.batchSize, update));
  const names = products.flatMap(({ label, shape, epilogue }) => {
    const kernel = kernels.get(productKey(shape, epilogue));
    return kernel ? [`${label}: ${kernel.name}`] : [];
  });
  return {
    name: [plan, ...names].join(', '),
    create: (context) =>
      createLayeredPlan({ ...context, operations: context.operations.choosing(kernels) }, plan),
    variants: {
      products,
      choosing: (kernels) => layeredCandidate(context, plan, kernels),
      named: (name) => {
        const [start, ...rest] = name.split(', ');
        const found = rest.map((part) => findKernel(memory, products, part));
        if (start !== plan || !found.every((entry) => entry !== undefined)) return undefined;
        return layeredCandidate(context, plan, new Map(found));
      },
    },
  };
}

/** The kernel that a part of a name says, such as `hidden 0: quad 16×4 vec4`. */
function findKernel(
  { device, format }: GpuMemory,
  products: readonly Product[],
  part: string,
): [key: string, kernel: MatmulCandidate] | undefined {
  const [label, name] = part.split(': ');
  const product = products.find((product) => product.label === label);
  if (!product) return undefined;
  const { shape, epilogue } = product;
  const kernel = matmulCandidates(shape, device, format.arithmetic).find((kernel) => kernel.name === name);
  return kernel && [productKey(shape, epilogue), kernel];
}
