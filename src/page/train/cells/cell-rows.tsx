import { useEffect, useRef, useState } from 'preact/hooks';
import type { Cell, CellRows as Listed } from '../../run/protocol.ts';
import type { Session } from '../../session/session.ts';
import type { ImageSize, StudyData } from '../../settings/study-data.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { classNameOf } from '../../ui/class-name.ts';
import { formatPercent, formatSigned, formatWhole } from '../../ui/format.ts';
import { Marker } from '../../ui/marker.tsx';
import { RowImage } from '../images/row-image.tsx';
import { featuresOf } from './features-of.ts';
import { RowsTable } from './rows-table.tsx';

/** Rows that are listed at first, and more at a press. */
const PAGE = 24;

interface Props {
  session: Session;
  data: StudyData;
  cell: Cell;
  onClose: () => void;
}

/** The rows of a cell of the confusion matrix, the worst first. */
export function CellRows({ session, data, cell, onClose }: Props) {
  const words = laterTexts.value.confusion.list;
  const heading = useRef<HTMLHeadingElement>(null);
  const [listed, setListed] = useState<Listed | 'reading' | undefined>('reading');
  const asked = useRef(0);
  const read = async (most: number) => {
    const number = ++asked.current;
    const answer = await session.ask({ what: 'cell', cell, most });
    // A person may have chosen another cell.
    if (number === asked.current) setListed(answer);
  };
  const shown = typeof listed === 'object' ? listed.rows.length : 0;
  useEffect(() => {
    setListed('reading');
    read(PAGE);
    heading.current?.focus();
  }, [cell]);
  const { label, taken, part } = cell;
  const name = (label: number) => classNameOf(data, label);
  const wrong = label !== taken;
  const images = data.loaded?.rows.images;
  const title = wrong ? words.wrong[part](name(label), name(taken)) : words.right[part](name(label));
  return (
    <section class="rows-of-cell" aria-labelledby="cell-title">
      <div class="title">
        <h3 id="cell-title" ref={heading} tabIndex={-1}>
          {title}
        </h3>
        <button type="button" class="small" onClick={onClose}>
          {words.close}
        </button>
      </div>
      {listed === 'reading' && <p role="status">{words.reading}</p>}
      {listed === undefined && <p role="status">{words.none}</p>}
      {typeof listed === 'object' && (
        <>
          <p class="hint">
            {words.order(formatWhole(listed.count), formatWhole(listed.step), wrong)}{' '}
            {shown < listed.count && words.shown(formatWhole(shown))}
          </p>
          {images ? (
            <ul>
              {Array.from(listed.rows, (row, i) => (
                <ListedImage
                  key={row}
                  session={session}
                  data={data}
                  cell={cell}
                  size={images}
                  row={row}
                  outputs={listed.outputs.subarray(i * data.outputs, (i + 1) * data.outputs)}
                />
              ))}
            </ul>
          ) : (
            <RowsTable session={session} data={data} cell={cell} listed={listed} />
          )}
          <p class="actions">
            {shown < listed.count && (
              <button type="button" class="small" onClick={() => read(shown + PAGE)}>
                {words.more}
              </button>
            )}
            {session.run.value.latest?.step !== listed.step && (
              <button type="button" class="small" onClick={() => read(Math.max(shown, PAGE))}>
                {words.again}
              </button>
            )}
          </p>
        </>
      )}
    </section>
  );
}

interface RowProps extends Omit<Props, 'onClose'> {
  size: ImageSize;
  /** Its place among the training or test rows. */
  row: number;
  /** What the network gives it, a number for each class. */
  outputs: Float32Array;
}

/** An image, and what the network gives its class and the one it takes it for. */
function ListedImage({ session, data, cell: { part, label, taken }, size, row, outputs }: RowProps) {
  const words = laterTexts.value.confusion.list;
  const scored = session.settings.value.loss === 'hinge';
  const number = formatWhole(row);
  const format = scored ? formatSigned : (value: number) => formatPercent(value);
  return (
    <li>
      <RowImage
        pixels={Float32Array.from(featuresOf(data, part, row))}
        size={size}
        label={words.image(number)}
      />
      <p class="row-number">{words.row(number)}</p>
      {(label === taken ? [label] : [label, taken]).map((told) => (
        <p key={told}>
          <Marker label={told} /> {classNameOf(data, told)}: {format(outputs[told])}
        </p>
      ))}
      {part === 'train' && (
        <button
          type="button"
          class="small"
          aria-label={words.followRow(number)}
          onClick={() => session.follow(row)}
        >
          {words.follow}
        </button>
      )}
    </li>
  );
}
