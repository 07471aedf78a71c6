class PostVersion(models.Model):
