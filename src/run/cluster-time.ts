/** While time passes quicker in the cluster, requests and this machine are as slow as ever: so long we wait at least. */
const LEAST_MS = 3_000

/**
 * How long we wait for something that takes its time in the cluster: a probe, a retry of the kubelet, an answer that
 * DNS keeps. Deadlines, and waits for an API server that is away, are ours and not meant here.
 * @param clusterMs of the cluster's time
 * @param pace how many seconds pass there while one passes here (`Cluster.pace`); at 1 it is the same time
 */
export const waitForCluster = (clusterMs: number, pace: number): number =>
  Math.max(clusterMs / pace, Math.min(clusterMs, LEAST_MS))
