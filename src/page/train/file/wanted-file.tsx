import { useRef } from 'preact/hooks';
import { address } from '../../session/address.ts';
import { parseLink, printable } from '../../settings/link.ts';
import { isRegression, type Settings, type TableChoice } from '../../settings/settings.ts';
import { fileTexts } from '../../texts/file/file.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { settingsTexts } from '../../texts/settings/settings.ts';
import { formatWhole } from '../../ui/format.ts';
import { trainingInWords } from '../run/about-run.tsx';
import { askForFile } from './asked.ts';

interface Props {
  settings: Settings;
  wanted: TableChoice;
}

/** The file that a link waits for, all that the link tells of it, and what will be done with it. */
export function WantedFile({ settings, wanted }: Props) {
  const words = fileTexts.value;
  const { file: names } = laterTexts.value;
  const input = useRef<HTMLInputElement>(null);
  const name = printable(wanted.name);
  return (
    <section class="wanted" aria-labelledby="wanted-title">
      <h2 id="wanted-title">{names.needs(name)}</h2>
      <p>
        {words.wantedFile.todo} {words.private}
      </p>
      <button type="button" class="primary" onClick={() => input.current?.click()}>
        {names.choose(name)}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => askForFile([...(currentTarget.files ?? [])])}
      />
      <dl class="facts">
        {factsOf(settings, wanted).map(([what, value]) => (
          <>
            <dt>{what}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
    </section>
  );
}

/** What a link tells of its rows and of its run, as names and values. */
function factsOf(settings: Settings, { sha256, label, task, missing, columns }: TableChoice) {
  const { wantedFile: words, task: tasks, missing: gaps } = fileTexts.value;
  const { network, about } = laterTexts.value;
  const { settings: names } = settingsTexts.value;
  const { step } = parseLink(address.value.settings);
  const ends = [network.inputs, isRegression(settings) ? network.valueHead : network.outputs];
  const facts: [string, string | undefined][] = [
    [words.hash, sha256 || undefined],
    [words.learned, words.learnedAs(printable(label), tasks[task].name)],
    [words.from, columns.length > 0 ? columns.map(printable).join(', ') : words.others],
    [gaps.label, gaps[missing].name],
    [names.testShare.label, String(settings.testShare)],
    [about.model, [ends[0], ...settings.hidden, ends[1]].join(' → ')],
    [about.training, trainingInWords(settings, settings.classWeights.length)],
    [words.at, step > 0 ? words.step(formatWhole(step)) : undefined],
  ];
  return facts.filter(([, value]) => value !== undefined);
}
