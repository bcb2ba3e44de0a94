import type { CaseStudy } from '../index.ts';
import { formatWhole } from './format.ts';
import { MODELS } from './models.ts';
import type { AdapterReport, Choice } from './protocol.ts';
import { arithmeticInFull } from './remarks.ts';

interface Props {
  choice: Choice;
  study: CaseStudy;
  adapter: AdapterReport | undefined;
}

/** What is trained, how and where. */
export function AboutRun({ choice, study, adapter }: Props) {
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
        <dt>Runs on</dt>
        <dd>{adapter ? <Where adapter={adapter} /> : '–'}</dd>
      </dl>
    </section>
  );
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
