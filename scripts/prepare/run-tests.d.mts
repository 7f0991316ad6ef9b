export function runTests(
  project: string,
  limits: { cwd: string; fileS: number; allS: number },
): Promise<{ passed: number; failed: number; skipped: number }>;
