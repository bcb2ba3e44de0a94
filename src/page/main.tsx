import { render } from 'preact';
import { App } from './app.tsx';
import { keepForOffline } from './offline/register.ts';
import { Session } from './session/session.ts';
import { beginLanguage } from './texts/texts.ts';
import { trustOwnScripts } from './trusted-scripts.ts';

trustOwnScripts();
// The worker starts while the texts come.
const session = new Session();
const place = document.getElementById('app');
beginLanguage().then(() => {
  // Until now the page says what is missing, if it has to wait for long.
  place?.replaceChildren();
  if (place) render(<App session={session} />, place);
});
keepForOffline();
