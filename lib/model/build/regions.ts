export async function buildRegions(_out: string): Promise<void> {}
