import { SHOWN_OUTPUTS, SHOWN_UNITS } from '../../settings/plane.ts';
import { imageTexts } from '../../texts/images/images.ts';
import { classNameOf } from '../../ui/class-name.ts';
import { formatSigned, formatWhole } from '../../ui/format.ts';
import { Marker } from '../../ui/marker.tsx';
import type { ImagePanelProps } from './drawing.tsx';
import { PixelPicture } from './row-image.tsx';

/** The weights of the first layer as images: one for each class of a linear classifier, else for each shown unit. */
export function Templates({ session, data, size }: ImagePanelProps) {
  const { templates: words } = imageTexts.value;
  const { hidden } = session.settings.value;
  const layer = session.run.value.insight?.layers[0];
  const linear = hidden.length === 0;
  const units = linear ? data.outputs : hidden[0];
  const shown = Math.min(units, linear ? SHOWN_OUTPUTS : SHOWN_UNITS);
  const pixels = size.width * size.height;
  // An earlier network's weights do not fit. The new ones come soon.
  const weights = layer?.shownWeights.length === pixels * shown ? layer.shownWeights : undefined;
  const most = weights?.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) ?? 0;
  const all = formatWhole(pixels);
  return (
    <details class="templates" open>
      <summary>
        <h2>{words.title}</h2>
      </summary>
      <p class="hint">
        {linear && 'labels' in (data.train ?? {}) ? words.classes(all) : words.units(all)}{' '}
        {shown < units && words.some(formatWhole(shown), formatWhole(units))}
      </p>
      {weights ? (
        <>
          <ul>
            {Array.from({ length: shown }, (_, unit) => (
              <li key={unit}>
                <Template
                  weights={Float32Array.from({ length: pixels }, (_, i) => weights[i * shown + unit])}
                  width={size.width}
                  most={most}
                  name={linear ? classNameOf(data, unit) : words.unit(unit + 1)}
                />
                {linear && <Marker label={unit} />} {linear ? classNameOf(data, unit) : words.unit(unit + 1)}
              </li>
            ))}
          </ul>
          <p class="scale">
            <span aria-hidden="true">{formatSigned(-most)}</span>
            <span
              class="gradient"
              role="img"
              aria-label={words.scale(formatSigned(-most), formatSigned(most))}
            />
            <span aria-hidden="true">{formatSigned(most)}</span>
          </p>
        </>
      ) : (
        <p class="hint">{words.waiting}</p>
      )}
    </details>
  );
}

/** The weights of a unit: white is 0. */
function Template({
  weights,
  width,
  most,
  name,
}: {
  weights: Float32Array;
  width: number;
  most: number;
  name: string;
}) {
  const { picture } = imageTexts.value.templates;
  const label = picture(name, formatSigned(Math.min(...weights)), formatSigned(Math.max(...weights)));
  return <PixelPicture values={weights} width={width} unit={{ kind: 'hidden' }} most={most} label={label} />;
}
