import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { takeAwayTexts } from '../texts/take-away/take-away.ts';
import { formatWhole } from '../ui/format.ts';
import { type Choice, choicesOf } from './pictures/choices.ts';
import { COLOURS, type Colours, drawingOf, painted, pngOf, svgOf } from './pictures/drawing.ts';
import { SHEET_WIDTH, Sheet } from './pictures/sheet.tsx';
import type { TabProps } from './tab.ts';
import { descriptionOf, figuresOf, fileName } from './taken.ts';

/** Pixels of a PNG file across: a page of 17 cm at 300 for each inch. */
const PRINT_WIDTH = 2000;

/** The pictures of the page, one of which is shown as it will be saved. */
export function PicturesTab({ taken, onDownload, onDone }: TabProps) {
  const words = takeAwayTexts.value;
  const choices = useMemo(() => choicesOf(taken), [taken]);
  const chosen = useSignal('regions');
  const colours = useSignal<Colours>('light');
  const titled = useSignal(true);
  const { make } = choices.find(({ id }) => id === chosen.value) ?? choices[0];
  const picture = useMemo(() => make(), [make]);
  const drawing = useMemo(
    () =>
      picture &&
      drawingOf(
        <Sheet picture={picture} figures={titled.value ? figuresOf(taken) : undefined} />,
        colours.value,
      ),
    [picture, titled.value, colours.value],
  );
  const told = picture && {
    title: picture.title,
    description: descriptionOf(taken, picture.title),
    link: taken.link,
  };
  const save = async (ending: string, type: string, write: () => Promise<BlobPart>) => {
    onDone(words.writing);
    onDownload(fileName(taken, picture?.name ?? '', ending), await write(), type);
  };
  return (
    <>
      <div class="picture-options">
        <Select
          label={words.picture}
          value={chosen.value}
          choices={choices}
          onChoose={(id) => {
            chosen.value = id;
          }}
        />
        <label class="check">
          {words.colours}
          <select
            value={colours.value}
            onChange={({ currentTarget }) => {
              colours.value = currentTarget.value as Colours;
            }}
          >
            {COLOURS.map((name) => (
              <option key={name} value={name}>
                {words.colourNames[name]}
              </option>
            ))}
          </select>
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={titled.value}
            onChange={({ currentTarget }) => {
              titled.value = currentTarget.checked;
            }}
          />
          {words.titled}
        </label>
      </div>
      {drawing && told ? (
        <>
          <Preview drawing={drawing} description={told.description} />
          <p class="hint">{words.pictureHint(formatWhole(PRINT_WIDTH))}</p>
          <p class="actions">
            <button
              type="button"
              onClick={() => save('png', 'image/png', () => pngOf(drawing, PRINT_WIDTH, told))}
            >
              {words.asPng}
            </button>
            <button type="button" onClick={() => save('svg', 'image/svg+xml', () => svgOf(drawing, told))}>
              {words.asSvg}
            </button>
          </p>
        </>
      ) : (
        <p class="hint">{words.noPicture}</p>
      )}
    </>
  );
}

interface SelectProps {
  label: string;
  value: string;
  choices: readonly Choice[];
  onChoose: (id: string) => void;
}

/** The pictures by name, single units in a group of their own. */
function Select({ label, value, choices, onChoose }: SelectProps) {
  const option = ({ id, title }: Choice) => (
    <option key={id} value={id}>
      {title}
    </option>
  );
  return (
    <label class="check">
      {label}
      <select value={value} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
        {choices.filter(({ ofUnit }) => !ofUnit).map(option)}
        <optgroup label={takeAwayTexts.value.oneUnit}>
          {choices.filter(({ ofUnit }) => ofUnit).map(option)}
        </optgroup>
      </select>
    </label>
  );
}

/** A drawing as it will be saved, as large as there is room. */
function Preview({ drawing, description }: { drawing: SVGSVGElement; description: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const width = Math.round(SHEET_WIDTH * Math.max(1, devicePixelRatio));
    const pixels = painted(drawing, width);
    if (!canvas.current) return;
    canvas.current.width = pixels.width;
    canvas.current.height = pixels.height;
    canvas.current.getContext('2d')?.drawImage(pixels, 0, 0);
  }, [drawing]);
  return <canvas ref={canvas} class="preview" role="img" aria-label={description} />;
}
