package io.sqletl.engine.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Refuses what leaves the lake: keys with {@code ..}, and symbolic links to what is elsewhere. */
final class LakeLinks {

  private final Path lake;

  LakeLinks(Path lake) {
    this.lake = lake;
  }

  /** The file or folder of a key, which need not be there. */
  Path path(String bucket, String key) {
    Path folder = lake.resolve(bucket).normalize();
    Path path = folder.resolve(key).normalize();
    if (!path.startsWith(folder) || !folder.startsWith(lake)) {
      throw S3Exceptions.invalidArgument("The key leaves its bucket: " + key);
    }
    return path;
  }

  /** The same, where no link on the way leads out of the lake. */
  Path require(String bucket, String key) {
    Path path = path(bucket, key);
    if (leaves(path)) {
      throw refusal(path);
    }
    return path;
  }

  /** Refuses a listing with a link in it, whose files would be those of another folder. */
  void require(String bucket, ListObjectsV2Response found) {
    Map<Path, Boolean> folders = new HashMap<>();
    for (S3Object object : found.contents()) {
      requireEntry(path(bucket, object.key()), folders);
    }
    for (CommonPrefix prefix : found.commonPrefixes()) {
      requireEntry(path(bucket, prefix.prefix()), folders);
    }
  }

  private void requireEntry(Path path, Map<Path, Boolean> folders) {
    boolean inside = !folders.computeIfAbsent(path.getParent(), this::leaves);
    if (!inside || Files.isSymbolicLink(path) && leaves(path)) {
      throw refusal(path);
    }
  }

  private boolean leaves(Path path) {
    Path there = path;
    while (!Files.exists(there) && !Files.isSymbolicLink(there) && !there.equals(lake)) {
      there = there.getParent();
    }
    try {
      return Files.exists(there) && !there.toRealPath().startsWith(lake.toRealPath());
    } catch (IOException e) {
      // Removed meanwhile, or a link to itself: who uses it is told
      return false;
    }
  }

  private static AwsServiceException refusal(Path path) {
    return SignedAccess.error(
        403, "AccessDenied", path + " is, or lies behind, a link that leaves the lake", null);
  }
}
