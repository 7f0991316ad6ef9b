import type { StoreSettings } from '../config/store-settings.ts';

/** What the options of a command say of a bucket: `--endpoint-url`, as the tools of AWS call it, and its like. */
export function storeSettings(options: {
  endpointUrl?: string | undefined;
  profile?: string | undefined;
  region?: string | undefined;
  insecure?: true | undefined;
}): StoreSettings {
  const { endpointUrl, profile, region, insecure } = options;
  return {
    ...(endpointUrl !== undefined && { endpoint: endpointUrl }),
    ...(profile !== undefined && { profile }),
    ...(region !== undefined && { region }),
    ...(insecure && { insecure }),
  };
}
