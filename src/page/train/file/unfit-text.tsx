import type { Unfit } from '../../settings/resumption.ts';
import { fileTexts } from '../../texts/file/file.ts';
import { settingsTexts } from '../../texts/settings/settings.ts';

/** Why a run cannot go on here: what was expected, what came, what to do. */
export function UnfitText({ unfit }: { unfit: Unfit }) {
  const words = fileTexts.value;
  const { settings: names } = settingsTexts.value;
  return (
    <p class="notice problem" role="alert">
      {words.unfit(unfit, (setting) => names[setting].label)} {words.kept}
    </p>
  );
}
