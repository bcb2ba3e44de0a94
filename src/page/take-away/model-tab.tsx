import { useSignal } from '@preact/signals';
import { Fragment } from 'preact';
import type { ModelFormat } from '../../models/index.ts';
import { laterTexts } from '../texts/later/later.ts';
import { takeAwayTexts } from '../texts/take-away/take-away.ts';
import type { TabProps } from './tab.ts';
import { fileName } from './taken.ts';

/** Each format, with the ending and the type of its files, the most useful one first. */
const FORMATS = [
  { format: 'safetensors', ending: 'safetensors', type: 'application/octet-stream' },
  { format: 'onnx', ending: 'onnx', type: 'application/octet-stream' },
  { format: 'npz', ending: 'npz', type: 'application/zip' },
  { format: 'json', ending: 'json', type: 'application/json' },
  { format: 'javascript', ending: 'js', type: 'text/javascript' },
] as const satisfies { format: ModelFormat; ending: string; type: string }[];

/** The trained network as a file, in a format for each use. */
export function ModelTab({ session, taken, onDownload, onDone }: TabProps) {
  const words = takeAwayTexts.value;
  const busy = useSignal(false);
  const save = async ({ format, ending, type }: (typeof FORMATS)[number]) => {
    if (busy.value) return;
    busy.value = true;
    onDone(words.writing);
    const { file, problem } = await session.read(format);
    busy.value = false;
    const name = fileName(taken, '', ending);
    if (file) onDownload(name, file, type);
    else onDone(problem ? laterTexts.value.problems.happened(problem) : words.noModel);
  };
  return (
    <>
      <p>{words.modelHint}</p>
      <dl class="formats">
        {FORMATS.map((kind) => (
          <Fragment key={kind.format}>
            <dt>
              <button type="button" aria-disabled={busy.value} onClick={() => save(kind)}>
                {words.formats[kind.ending].name}
              </button>
            </dt>
            <dd>{words.formats[kind.ending].use}</dd>
          </Fragment>
        ))}
      </dl>
    </>
  );
}
