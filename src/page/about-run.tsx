import type { CaseStudy } from '../index.ts';
import { formatWhole } from './format.ts';
import { MODELS } from './models.ts';
import type { AdapterReport, Choice, Way } from './protocol.ts';
import { arithmeticInFull } from './remarks.ts';

interface Props {
  choice: Choice;
  study: CaseStudy;
  adapter: AdapterReport | undefined;
  way: Way | undefined;
}

/** What is trained, how and where. */
export function AboutRun({ choice, study, adapter, way }: Props) {
  const { data, hidden, learningRate, l2 } = study.options;
  const sizes = [data.features, ...(hidden ?? []), data.classes];
  const parameters = sizes.slice(1).reduce((sum, size, i) => sum + (sizes[i] + 1) * size, 0);
  return (
    <section class="about" aria-labelledby="about-title">
      <h2 id="about-title">This run</h2>
      <dl class="facts">
        <dt>Model</dt>
        <dd>
          {MODELS[choice.model].what}, {sizes.join(' → ')}, {formatWhole(parameters)} parameters
        </dd>
        <dt>Data</dt>
        <dd>
          spiral, {data.count} points, {data.classes} classes
        </dd>
        <dt>Training</dt>
        <dd>
          gradient descent on all points, {formatWhole(study.steps)} steps, learning rate {learningRate}, L2{' '}
          {l2}
        </dd>
        <dt>Precision</dt>
        <dd>{adapter ? arithmeticInFull(choice.precision, adapter.backend) : '–'}</dd>
        <dt>Plan</dt>
        <dd>{way ? planInWords(way) : '–'}</dd>
        <dt>Runs on</dt>
        <dd>{adapter ? <Where adapter={adapter} /> : '–'}</dd>
      </dl>
    </section>
  );
}

/** What computes a step. On the CPU there is nothing to choose. */
const PLANS: Record<string, string> = {
  layered: 'layered, a kernel for each operation',
  fused: 'fused, several operations a kernel',
  resident: 'resident, many steps in one dispatch',
};

function planInWords({ plan, chosen, reason }: Way): string {
  if (chosen === 'plain loops') return 'plain loops';
  const cut = chosen.slice(plan.length).replace(/^, /, '');
  return [PLANS[plan], cut && `cut into ${cut}`, reason].filter(Boolean).join('; ');
}

function Where({ adapter }: { adapter: AdapterReport }) {
  if (adapter.backend === 'cpu') return <>the CPU. {adapter.reason}</>;
  if (!adapter.software) return <>{adapter.name}, with WebGPU</>;
  return (
    <>
      {adapter.name}, with WebGPU. This is a software adapter, a program on the CPU and not a GPU: its speed
      says nothing about a GPU’s.
    </>
  );
}
