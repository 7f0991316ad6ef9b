/** How long the processor was busy with it, in milliseconds: others that use the machine meanwhile do not count. */
export async function processorMs(act: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
