import { useMemo, useRef, useState } from 'preact/hooks';
import type { Session } from '../../session/session.ts';
import type { ImageSize, LoadedData, StudyData } from '../../settings/study-data.ts';
import { imageTexts } from '../../texts/images/images.ts';
import { classNameOf } from '../../ui/class-name.ts';
import { formatPercent, formatSigned } from '../../ui/format.ts';
import { Marker } from '../../ui/marker.tsx';
import { DrawingArea, SIDE } from './drawing-area.tsx';
import { imageOfInk, scaledPixels } from './image-of-ink.ts';
import { RowImage } from './row-image.tsx';
import { useOutputs } from './use-outputs.ts';

export interface ImagePanelProps {
  session: Session;
  data: StudyData;
  loaded: LoadedData;
  size: ImageSize;
}

/** A place to draw an image, what the network gets of it, and what it takes it for. */
export function Drawing({ session, data, loaded, size }: ImagePanelProps) {
  const { drawing: words } = imageTexts.value;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [image, setImage] = useState<Float32Array>();
  const { units, pixels } = loaded;
  const most = pixels?.most ?? 0;
  // Another data set has other images.
  const fits = image?.length === size.width * size.height ? image : undefined;
  const inputs = useMemo(() => fits && scaledPixels(fits, units), [fits, units]);
  const outputs = useOutputs(session, inputs);
  const look = () => {
    const context = canvas.current?.getContext('2d', { willReadFrequently: true });
    if (!context) return;
    const { data: pixels } = context.getImageData(0, 0, SIDE, SIDE);
    const ink = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => (pixels[4 * i + 3] >= 128 ? 1 : 0));
    setImage(imageOfInk(ink, SIDE, size, most));
  };
  const clear = () => {
    canvas.current?.getContext('2d', { willReadFrequently: true })?.clearRect(0, 0, SIDE, SIDE);
    setImage(undefined);
  };
  const empty = new Float32Array(size.width * size.height);
  return (
    <details class="drawing" open>
      <summary>
        <h2>{words.title}</h2>
      </summary>
      <p id="drawing-hint" class="hint">
        {words.hint}
      </p>
      <div class="drawn">
        <DrawingArea canvas={canvas} onDraw={look} />
        <figure>
          <RowImage
            pixels={fits ?? empty}
            size={size}
            label={words.image(`${size.width} × ${size.height}`)}
          />
          <figcaption>{words.seen}</figcaption>
          <button type="button" class="small" onClick={clear}>
            {words.clear}
          </button>
        </figure>
        <Outputs
          data={data}
          outputs={outputs?.length === data.outputs ? outputs : undefined}
          scored={session.settings.value.loss === 'hinge'}
          drawn={fits !== undefined}
        />
      </div>
    </details>
  );
}

/** The most characters of a name that have room beside its bar. */
const LONGEST = 8;

/** What the network gives each class, as bars and numbers. */
function Outputs({
  data,
  outputs,
  scored,
  drawn,
}: {
  data: StudyData;
  outputs: Float32Array | undefined;
  /** Whether the numbers are scores and not probabilities. */
  scored: boolean;
  drawn: boolean;
}) {
  const { drawing: words } = imageTexts.value;
  // Scores have no fixed range: the bars reach from the least to the largest.
  const [least, most] = scored && outputs ? [Math.min(...outputs), Math.max(...outputs)] : [0, 1];
  const best = outputs?.indexOf(Math.max(...outputs)) ?? -1;
  const longest = Math.max(...Array.from({ length: data.outputs }, (_, i) => classNameOf(data, i).length));
  const told = best >= 0 ? words.told(classNameOf(data, best)) : words.none;
  return (
    <div class="outputs">
      <ul
        aria-label={scored ? words.scores : words.probabilities}
        style={{ '--name': `${Math.min(longest, LONGEST)}ch` }}
      >
        {Array.from({ length: data.outputs }, (_, label) => {
          const value = outputs?.[label];
          const share = value === undefined || most === least ? 0 : (value - least) / (most - least);
          return (
            <li key={label} class={label === best ? 'best' : undefined}>
              <Marker label={label} />
              <span class="name">{classNameOf(data, label)}</span>
              <span class="share" style={{ '--share': share }} aria-hidden="true" />
              <span class="number">
                {value === undefined ? '–' : scored ? formatSigned(value) : formatPercent(value)}
              </span>
            </li>
          );
        })}
      </ul>
      <p role="status">{drawn ? told : words.nothing}</p>
    </div>
  );
}
