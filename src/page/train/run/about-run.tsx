import type { AdapterReport, PlanReport } from '../../run/protocol.ts';
import { classWeightsOf } from '../../settings/class-weights.ts';
import { printable } from '../../settings/link.ts';
import { changes, DEFAULTS, isRegression, type Settings } from '../../settings/settings.ts';
import type { StudyData } from '../../settings/study-data.ts';
import { parameterCount, sizesOf } from '../../settings/work.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { settingsTexts } from '../../texts/settings/settings.ts';
import { adapterName } from '../../ui/adapter-name.ts';
import { formatWhole } from '../../ui/format.ts';

interface Props {
  settings: Settings;
  data: StudyData;
  adapter: AdapterReport | undefined;
  planReport: PlanReport | undefined;
}

/** The network, its data, its settings, and where it trains. */
export function AboutRun({ settings, data, adapter, planReport }: Props) {
  const { about: words } = laterTexts.value;
  const { precision } = settings;
  const run = runInWords(settings, data);
  return (
    <section class="about" aria-labelledby="about-title">
      <h2 id="about-title">{words.title}</h2>
      <dl class="facts">
        <dt>{words.model}</dt>
        <dd>{run.model}</dd>
        <dt>{words.data}</dt>
        <dd>{run.data}</dd>
        <dt>{words.training}</dt>
        <dd>{run.training}</dd>
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

/** The network, its data, and how it is trained. */
export function runInWords(
  settings: Settings,
  data: StudyData,
): Record<'model' | 'data' | 'training', string> {
  const { about: words, file } = laterTexts.value;
  const { shape, table } = settings;
  const name =
    shape === 'table' && table
      ? file.shown(printable(table.name), printable(table.label))
      : settingsTexts.value.shapes[shape];
  const sizes = sizesOf(settings, data);
  const [train, test] = [data.train?.count ?? 0, data.test?.count ?? 0];
  const points = words.points(
    formatWhole(train),
    test > 0 ? formatWhole(test) : undefined,
    isRegression(settings) ? undefined : data.outputs,
  );
  return {
    model: words.parameters(sizes.join(' → '), formatWhole(parameterCount(sizes))),
    data: `${name}; ${points}`,
    training: trainingInWords(settings, data.outputs),
  };
}

/** How a network is trained. */
export function trainingInWords(settings: Settings, classes: number): string {
  const { about: words } = laterTexts.value;
  const { optimizers, settings: names } = settingsTexts.value;
  const { batchSize, learningRate, l2, optimizer } = settings;
  return [
    optimizers[optimizer],
    words.batch(batchSize > 0 ? formatWhole(batchSize) : undefined),
    `${names.learningRate.label} ${learningRate}`,
    `${names.l2.label} ${l2}`,
    ...moreInWords(settings, classes),
  ].join(', ');
}

/** The settings that are not as the notes have them, of those that the lines above do not name. */
function moreInWords(settings: Settings, classes: number): string[] {
  const { settings: names, activations, losses, schedules } = settingsTexts.value;
  const { activation, loss, schedule } = settings;
  const chosen = { activation: activations[activation], loss: losses[loss], schedule: schedules[schedule] };
  const weights = classWeightsOf(settings, classes).join(' : ');
  const told = { ...settings, ...chosen, classWeights: weights };
  const keys = [
    'activation',
    'dropout',
    'loss',
    'classWeights',
    'schedule',
    'warmup',
    'l1',
    'weightDecay',
  ] as const;
  const changed = changes(DEFAULTS, settings);
  const unused = isRegression(settings) ? ['loss', 'classWeights'] : [];
  return keys
    .filter((key) => changed.includes(key) && !unused.includes(key))
    .map((key) => `${names[key].label} ${told[key]}`);
}

/** The plan in the library's words. */
function planInWords({ plan, tuning }: PlanReport): string {
  const choice = tuning.plan === plan ? tuning.chosen : `${plan}, ${tuning.chosen}`;
  return [choice, tuning.reason].filter(Boolean).join('; ');
}

function whereInWords(adapter: AdapterReport): string {
  const { about: words, noGpu } = laterTexts.value;
  if (adapter.backend === 'cpu') return `${words.cpu} ${adapter.reason ? noGpu[adapter.reason] : ''}`;
  return words.webgpu(adapterName(adapter)) + (adapter.software ? words.software : '');
}
