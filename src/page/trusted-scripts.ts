/** Some browsers lack trusted types, and so does TypeScript's library. */
interface TrustedTypes {
  createPolicy(name: 'default', rules: { createScriptURL(url: string): string | null }): unknown;
}

/**
 * Lets the page begin its own scripts as workers. Its content security policy refuses all other
 * text that would become code or markup.
 */
export function trustOwnScripts(): void {
  const types: TrustedTypes | undefined = Reflect.get(globalThis, 'trustedTypes');
  const folder = new URL('./', location.href).href;
  types?.createPolicy('default', {
    createScriptURL: (url) => (new URL(url, folder).href.startsWith(folder) ? url : null),
  });
}
