import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Note, NoteReason } from '../../../tables/index.ts';
import type { Counts, Preview, PreviewColumn } from '../../run/reader/protocol.ts';
import { type FileState, isUsed, type OwnFile } from '../../session/own-file.ts';
import type { Session } from '../../session/session.ts';
import { RANGES } from '../../settings/settings.ts';
import { fileTexts } from '../../texts/file/file.ts';
import { settingsTexts } from '../../texts/settings/settings.ts';
import { Field, NumberField } from '../../ui/fields.tsx';
import { Folded } from '../../ui/folded.tsx';
import { Scroll } from '../../ui/scroll.tsx';
import { Switch } from '../../ui/switch.tsx';
import { ProblemText } from './problem-text.tsx';

/** Columns of the table, without the learned one. */
const MOST_COLUMNS = 100;
/** With more columns a list has them, too. */
const MOST_UNLISTED = 12;
/** Names in a sentence. */
const MOST_NAMES = 5;
/** The share of rows for testing that a person's own data begins with. */
const TEST_SHARE = 0.2;

interface Props {
  state: Extract<FileState, { at: 'preview' }>;
  file: OwnFile;
  session: Session;
}

/** What has been read, what is learned of it, and the button that begins. */
export function TablePreview({ state, file, session }: Props) {
  const words = fileTexts.value;
  const { settings: names } = settingsTexts.value;
  const { preview, choice, counts, problem } = state;
  const { testShare } = session.settings.value;
  const share = useSignal(testShare || TEST_SHARE);
  const refused = useSignal(false);
  const { rows, columns, images } = preview;
  const gaps = columns.some(
    ({ name, missing }) => missing > 0 && (name === choice.label || isUsed(state, name)),
  );
  const whyNot = refused.value ? words.shareFirst : !counts && !problem ? words.counting : undefined;
  return (
    <>
      <p>
        {images ? words.images(rows, images.width, images.height) : words.read(rows, columns.length)}{' '}
        {words.private}
        {preview.sha256 === '' && ` ${words.unchecked}`}
      </p>
      {preview.notes.length > 0 && <Remarks preview={preview} />}
      {images ? <FirstImages images={images} /> : <FirstRows state={state} file={file} />}
      <div class="choices">
        {columns.length > MOST_UNLISTED && (
          <Field {...words.label}>
            {({ id, hintId }) => (
              <select
                id={id}
                aria-describedby={hintId}
                value={choice.label}
                onChange={({ currentTarget }) => file.learn(currentTarget.value)}
              >
                {columns.map(({ name }) => (
                  <option key={name} value={name}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        {!images && (
          <Switch
            label={words.task.label}
            name="file-task"
            chosen={choice.task}
            options={(['classes', 'values'] as const).map((value) => ({ value, ...words.task[value] }))}
            onChoose={(task) => file.choose({ task })}
          />
        )}
        {gaps && (
          <Switch
            label={words.missing.label}
            name="file-missing"
            chosen={choice.missing}
            options={(['drop', 'mean'] as const).map((value) => ({ value, ...words.missing[value] }))}
            onChoose={(missing) => file.choose({ missing })}
          />
        )}
        <NumberField
          {...names.testShare}
          value={share.value}
          range={RANGES.testShare}
          step={0.05}
          onChange={(value) => {
            share.value = value;
          }}
          onRefuse={(is) => {
            refused.value = is;
          }}
        />
      </div>
      <div class="outcome">
        {problem ? (
          <ProblemText problem={problem} />
        ) : (
          <p role="status">{whyNot ?? (counts && outcome(state, counts))}</p>
        )}
        <div>
          <button
            type="button"
            class="primary"
            aria-disabled={!counts || whyNot !== undefined}
            title={whyNot ?? (counts ? undefined : words.trainFirst)}
            onClick={() => {
              if (whyNot === undefined) file.take(share.value);
            }}
          >
            {words.train}
          </button>
          <button type="button" onClick={() => file.back()}>
            {words.another}
          </button>
        </div>
      </div>
    </>
  );
}

/** What the network gets and learns. */
function outcome(state: Props['state'], counts: Counts): string {
  const words = fileTexts.value;
  const { label } = state.choice;
  const { rows, features, classes, dropped, filled, spread, constant, unused, pixels } = counts;
  const left = unused.filter(({ reason }) => reason !== 'not-chosen');
  return [
    words.counts(label, rows, features, classes),
    dropped > 0 && words.dropped(dropped, lackingMost(state)),
    filled > 0 && words.filled(filled),
    spread.length > 0 && words.spread(few(spread)),
    constant.length > 0 && !pixels && words.constant(few(constant)),
    left.length > 0 && words.unused(few(left.map(({ column, reason }) => words.because(column, reason)))),
    pixels ? words.scaledPixels : words.scaled,
  ]
    .filter(Boolean)
    .join(' ');
}

/** The column for which most rows are left out, if there are several that lack values. */
function lackingMost(state: Props['state']): PreviewColumn | undefined {
  const [most, next] = state.preview.columns
    .filter(({ name, missing }) => missing > 0 && (name === state.choice.label || isUsed(state, name)))
    .sort((a, b) => b.missing - a.missing);
  return next && most;
}

const few = (names: readonly string[]): string =>
  names.length > MOST_NAMES ? `${names.slice(0, MOST_NAMES).join(', ')}, …` : names.join(', ');

/** What was skipped and why, and what else was decided on the way. */
function Remarks({ preview: { skipped, notes } }: { preview: Preview }) {
  const words = fileTexts.value;
  const reasons = [...new Set(notes.map(({ reason }) => reason))];
  return (
    <Folded
      class="remarks"
      summary={skipped > 0 ? words.skipped(skipped) : words.remarks(reasons.length)}
      opens={skipped > 0}
    >
      <ul>
        {reasons.map((reason) => (
          <li key={reason}>
            {inWords(
              reason,
              notes.filter((note) => note.reason === reason),
            )}
          </li>
        ))}
      </ul>
    </Folded>
  );
}

/** One sentence for all columns that a remark is about. */
function inWords(reason: NoteReason, notes: readonly Note[]): string {
  const words = fileTexts.value;
  const columns = notes.flatMap(({ column }) => (column === undefined ? [] : [`“${column}”`]));
  const lines = notes.flatMap(({ places }) => places.flatMap(({ line }) => line ?? []));
  const count = notes.reduce((sum, { count }) => sum + count, 0);
  const shown = lines.slice(0, MOST_NAMES);
  const places = shown.length > 0 ? words.places(shown, shown.length < count) : '';
  return words.note(few(columns), words.notes[reason](count), places);
}

/** The first rows; a press on a column's name learns it, a tick less leaves it out. */
function FirstRows({ state, file }: Pick<Props, 'state' | 'file'>) {
  const words = fileTexts.value;
  const { preview, choice } = state;
  const columns = preview.columns.filter(({ name }, k) => k < MOST_COLUMNS || name === choice.label);
  const all = preview.columns.length;
  const used = preview.columns.filter(({ name }) => name !== choice.label && isUsed(state, name));
  const only = used.length === 1 ? used[0].name : undefined;
  const classOf = ({ name }: PreviewColumn) =>
    name === choice.label ? 'learned' : isUsed(state, name) ? undefined : 'without';
  return (
    <>
      <Scroll label={words.table}>
        <table class="first-rows">
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.name} scope="col" class={classOf(column)}>
                  <button
                    type="button"
                    class="column"
                    aria-pressed={column.name === choice.label}
                    aria-describedby="columns-hint"
                    onClick={() => file.learn(column.name)}
                  >
                    <b>{column.name}</b> <span>{kindOf(column)}</span>
                  </button>
                  {column.name === choice.label ? (
                    <span class="check">{words.learned}</span>
                  ) : (
                    <label class="check">
                      <input
                        type="checkbox"
                        aria-label={words.use(column.name)}
                        checked={isUsed(state, column.name)}
                        disabled={column.name === only}
                        title={column.name === only ? words.oneInput : undefined}
                        onChange={() => file.toggle(column.name)}
                      />
                      {words.used}
                    </label>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.head.map((row, i) => (
              <tr key={i}>
                {columns.map((column) => (
                  <td key={column.name} class={classOf(column)}>
                    {row[preview.columns.indexOf(column)] || '–'}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <p id="columns-hint" class="hint">
        {words.tableHint} {all > columns.length && words.firstColumns(MOST_COLUMNS, all)}
      </p>
    </>
  );
}

/** The type of a column, with what is odd about it. */
function kindOf({ kind, kinds, missing }: PreviewColumn): string {
  const words = fileTexts.value;
  return [words.kinds[kind](kinds), missing > 0 && words.lacking(missing)].filter(Boolean).join(', ');
}

/** Some images, with what they show. */
function FirstImages({ images }: { images: NonNullable<Preview['images']> }) {
  const { width, height, pixels, shown } = images;
  const size = width * height;
  return (
    <ul class="first-images">
      {shown.map((label, i) => (
        <li key={i}>
          <Picture
            label={label}
            width={width}
            height={height}
            pixels={pixels.subarray(i * size, (i + 1) * size)}
          />
          <span aria-hidden="true">{label}</span>
        </li>
      ))}
    </ul>
  );
}

interface PictureProps {
  label: string;
  width: number;
  height: number;
  /** From 0 (black) to 255. */
  pixels: Uint8ClampedArray;
}

function Picture({ label, width, height, pixels }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const picture = new ImageData(width, height);
    for (const [i, value] of pixels.entries()) picture.data.set([value, value, value, 255], 4 * i);
    canvas.current?.getContext('2d')?.putImageData(picture, 0, 0);
  }, [pixels]);
  return <canvas ref={canvas} width={width} height={height} role="img" aria-label={label} />;
}
