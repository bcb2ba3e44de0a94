import type { AdapterReport, PlanReport } from '../run/protocol.ts';
import type { PlaneData } from '../settings/plane-data.ts';
import type { Settings } from '../settings/settings.ts';
import { parameterCount } from '../settings/work.ts';
import { texts } from '../texts/texts.ts';
import { adapterName } from '../ui/adapter-name.ts';
import { formatWhole } from '../ui/format.ts';

interface Props {
  settings: Settings;
  data: PlaneData;
  adapter: AdapterReport | undefined;
  planReport: PlanReport | undefined;
}

/** The network, its data, its settings, and where it trains. */
export function AboutRun({ settings, data, adapter, planReport }: Props) {
  const { about: words, optimizers, settings: names, shapes } = texts.value;
  const { hidden, classes, shape, batchSize, learningRate, l2, optimizer, precision } = settings;
  const sizes = [2, ...hidden, classes];
  const [train, test] = [data.points.train.length, data.points.test.length];
  return (
    <section class="about" aria-labelledby="about-title">
      <h2 id="about-title">{words.title}</h2>
      <dl class="facts">
        <dt>{words.model}</dt>
        <dd>{words.parameters(sizes.join(' → '), formatWhole(parameterCount(settings)))}</dd>
        <dt>{words.data}</dt>
        <dd>
          {shapes[shape]},{' '}
          {words.points(formatWhole(train), test > 0 ? formatWhole(test) : undefined, classes)}
        </dd>
        <dt>{words.training}</dt>
        <dd>
          {optimizers[optimizer]}, {words.batch(batchSize > 0 ? formatWhole(batchSize) : undefined)},{' '}
          {names.learningRate.label} {learningRate}, {names.l2.label} {l2}
        </dd>
        <dt>{words.precision}</dt>
        <dd>
          {adapter
            ? words.inFull[precision === 'single' ? 'single' : adapter.backend === 'cpu' ? 'cpu' : 'gpu']
            : '–'}
        </dd>
        <dt>{words.plan}</dt>
        {/* As the library tells it. */}
        <dd lang="en">{planReport ? planInWords(planReport) : '–'}</dd>
        <dt>{words.where}</dt>
        <dd>{adapter ? whereInWords(adapter) : '–'}</dd>
      </dl>
    </section>
  );
}

/** The plan in the library's words. On the CPU there is no choice. */
function planInWords({ backend, plan, tuning }: PlanReport): string {
  if (backend === 'cpu') return texts.value.about.loops;
  const choice = tuning.plan === plan ? tuning.chosen : `${plan}, ${tuning.chosen}`;
  return [choice, tuning.reason].filter(Boolean).join('; ');
}

function whereInWords(adapter: AdapterReport): string {
  const { about: words, noGpu } = texts.value;
  if (adapter.backend === 'cpu') return `${words.cpu} ${adapter.reason ? noGpu[adapter.reason] : ''}`;
  return words.webgpu(adapterName(adapter)) + (adapter.software ? words.software : '');
}
