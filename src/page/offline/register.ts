declare global {
  interface ImportMeta {
    /** Vite's own variables. */
    readonly env: { readonly PROD: boolean };
  }
}

/** Registers the service worker, with which later visits need no network. */
export function keepForOffline(): void {
  // `npm start` serves files that change.
  if (!import.meta.env.PROD) return;
  // The files that the page needs to start come first.
  addEventListener('load', () => {
    // `navigator.serviceWorker` is absent on insecure connections and throws in a sandboxed frame,
    // and some private windows refuse it. The page then needs its network.
    try {
      navigator.serviceWorker?.register('service-worker.js').catch(() => undefined);
    } catch (error) {
      console.info(error);
    }
  });
}
